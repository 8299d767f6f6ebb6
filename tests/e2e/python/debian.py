# Debian's own packages, doing something.
import io

import jinja2
import numpy
from PIL import Image, ImageDraw

page = jinja2.Environment(autoescape=True).from_string(
    '<ul>{% for item in items %}<li>{{ item|upper }}</li>{% endfor %}</ul>')
warmup = [{'items': ['a<b'], 'size': 3}]


def handler(event, context):
    size = event['size']
    matrix = numpy.arange(size * size, dtype=float).reshape(size, size) + numpy.eye(size)
    image = Image.new('RGB', (size * 10, size * 10), 'white')
    ImageDraw.Draw(image).ellipse((0, 0, size * 5, size * 5), fill=(255, 0, 0))
    png = io.BytesIO()
    image.resize((size, size)).save(png, 'PNG')
    return {'page': page.render(items=event['items']),
            'determinant': round(float(numpy.linalg.det(matrix)), 6),
            'product': (matrix @ numpy.linalg.inv(matrix)).round(6).trace().item(),
            'png': [png.getvalue()[:4].hex(), Image.open(png).size]}
