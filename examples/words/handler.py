# What a webhook does, with the standard library alone: takes a text, gives back its
# most telling sentences and its keywords.
#
#   fwrun --install examples/words/handler.py
#   fwrun --invoke words --args '{"text": "Rain fell. The rain in Spain stays."}'
import re
from collections import Counter

COMMON = frozenset(
    'a about after all also an and any are as at be been but by can for from had has have he '
    'her his how if in into is it its more no not of on one or our she so some that the their '
    'them then there they this to up was we were what when which who will with you'.split())

SENTENCE_END = re.compile(r'(?<=[.!?])\s+')
WORD = re.compile(r"[a-z][a-z']+")


def telling_words(text):
    return [word for word in WORD.findall(text.lower()) if word not in COMMON]


def summarise(text, most):
    """The sentences whose words the text speaks of most, in the text's order."""
    sentences = SENTENCE_END.split(text.strip())
    weight = Counter(telling_words(text))

    def score(sentence):
        words = telling_words(sentence)
        return sum(weight[word] for word in words) / (len(words) + 3)

    chosen = sorted(sentences, key=score, reverse=True)[:most]
    return [sentence for sentence in sentences if sentence in chosen], weight


def handler(event, context):
    text = event['text']
    summary, weight = summarise(text, event.get('sentences', 2))
    return {
        'summary': ' '.join(summary),
        'keywords': [word for word, _ in weight.most_common(5)],
        'words': len(text.split()),
        'reading_seconds': round(len(text.split()) / 4),
    }


warmup = [
    {'text': 'A lighthouse stands on the rock. It was built in three summers, since in winter '
             'no boat could land. Its lamp burned oil, then gas; today the lamp is electric and '
             'nobody lives there. Sailors still look for the light. When fog hides the lamp, a '
             'horn on the rock tells them where the lighthouse is. The last keeper left in '
             'spring, and took the clock.'},
    {'text': 'Short. Very short! Is it?', 'sentences': 1},
]
