# Everything that --handler may name.
import functools

warmup = [{'n': 1}]


def run(event, context):
    return ['run', event['n'], context is not None]


def alone(event):
    return ['alone', event['n']]


def with_default(event, context=None):
    return ['with_default', event['n'], context is not None]


def anything(*args):
    return ['anything', args[0]['n'], len(args)]


class Service:
    def __init__(self):
        self.step = 10

    def handle(self, event, context):
        return ['handle', event['n'] + self.step]

    @staticmethod
    def static(event, context):
        return ['static', event['n']]

    @classmethod
    def by_class(cls, event, context):
        return ['by_class', cls.__name__, event['n']]


class Callable:
    def __call__(self, event, context):
        return ['callable', event['n']]


class AsyncCallable:
    async def __call__(self, event):
        return ['async callable', event['n']]


class api:
    class users:
        @staticmethod
        def list(event, context):
            return ['list', event['n']]


service = Service()
thing = Callable()
async_thing = AsyncCallable()
small = lambda event, context: ['small', event['n']]  # noqa: E731
part = functools.partial(lambda extra, event, context: ['part', extra, event['n']], 'x')


async def later(event, context):
    return ['later', event['n']]


async_part = functools.partial(later)


def returns_awaitable(event, context):
    return later(event, context)
