# -*- coding: latin-1 -*-
name = "café"


def handler(event, context):
    return name
