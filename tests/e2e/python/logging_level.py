# The way of Lambda's documentation.
import logging

logger = logging.getLogger()
logger.setLevel(logging.INFO)


def handler(event, context):
    logger.info('told')
    logging.info('told by the module')
    logger.debug('not told')
