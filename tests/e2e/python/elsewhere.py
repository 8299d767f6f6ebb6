# The point in a module that does not hold the handler.
import elsewhere_part


def handler(event, context):
    return elsewhere_part.work(event)
