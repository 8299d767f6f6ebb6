# Children that live at the capture: they cannot be in the image.
from concurrent.futures import ProcessPoolExecutor

pool = ProcessPoolExecutor(1)
warmup = [{}]


def handler(event, context):
    return pool.submit(abs, -3).result()
