# Lambda's shape, and its training.
warmup = [{'name': 'Ada'}, {'name': 'Grace'}]


def lambda_handler(event, context):
    return {'greeting': f"Hello, {event.get('name', 'world')}!"}
