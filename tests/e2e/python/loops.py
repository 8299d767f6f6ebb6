# The point inside a loop: captured in its first round; passed by in the others.
from fwrun import snapshot_here

warmup = [{'n': 3}]


def handler(event, context):
    rounds = []
    for number in range(3):
        rounds.append(number)
        snapshot_here()
        rounds.append(event['n'])
    return rounds
