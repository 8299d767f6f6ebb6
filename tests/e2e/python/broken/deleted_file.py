# A temporary file that has no name any more.
import tempfile

temporary = tempfile.TemporaryFile()


def handler(event, context):
    return None
