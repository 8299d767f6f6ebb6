def handler(event, context):
    yield event
