# Nothing but the standard library.
import resource

warmup = [{'name': 'Ada'}]


def handler(event, context):
    answer = {'greeting': f"Hello, {event['name']}!"}
    if 'tell' in event:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        answer['faults'] = usage.ru_minflt + usage.ru_majflt
        with open('/proc/self/smaps_rollup') as rollup:
            lines = (line.split() for line in rollup.readlines()[1:])
        answer['kb'] = {words[0][:-1]: int(words[1]) for words in lines}
    return answer
