from .. import settings

SEPARATOR = '-'


def shout(text):
    return f'{settings.GREETING} {text.upper()}'
