class handler:
    def __init__(self, event, context):
        pass
