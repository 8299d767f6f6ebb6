# logging with a configuration of the user's own, made at import as usual.
import logging
import sys

logging.basicConfig(level=logging.INFO, format='%(levelname)s %(name)s %(message)s',
                    stream=sys.stdout)
logger = logging.getLogger('app')
own = logging.getLogger('own')
own.propagate = False
own.addHandler(logging.StreamHandler())
warmup = [{'n': 1}]


def handler(event, context):
    logger.info('info %s', event['n'])
    logger.debug('not shown')
    own.error('own %s', event['n'])
    try:
        1 / 0
    except ZeroDivisionError:
        logger.exception('it failed')
