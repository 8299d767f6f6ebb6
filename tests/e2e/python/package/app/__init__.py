# A package is the function.
from .work import work


def handler(event, context):
    return [work(), __name__, __package__]
