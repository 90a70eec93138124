"""Reads lines of JSON {"pattern": ..., "texts": [...]} and writes for each line, as JSON, where Python's re finds the
first match in each of the texts ([begin, end], or null), or a text that says why it does not take the pattern."""

import json
import re
import sys
import warnings


def spans(pattern, texts):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            compiled = re.compile(pattern)
        except (re.error, Warning) as error:
            return str(error)
    found = [compiled.search(text) for text in texts]
    return [list(match.span()) if match else None for match in found]


for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps(spans(asked["pattern"], asked["texts"])))
