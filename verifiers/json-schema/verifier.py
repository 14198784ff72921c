"""Structured output: 1 when the answer is a JSON document that satisfies the row's JSON Schema.

The common validation keywords are supported; a schema with any other keyword is not judged (a null score), because a
keyword that is ignored would reward documents that break it.
"""
import json
import re
import sys

ANNOTATIONS = {"$schema", "$id", "title", "description", "default", "examples", "format"}
TYPES = {
    "object": lambda v: isinstance(v, dict), "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str), "boolean": lambda v: isinstance(v, bool), "null": lambda v: v is None,
    "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
    "integer": lambda v: (isinstance(v, int) and not isinstance(v, bool)) or (isinstance(v, float) and v.is_integer()),
}


class Unsupported(Exception):
    pass


def same(a, b):
    """Equality as JSON has it: true is not 1."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    return type(a) in (int, float) and type(b) in (int, float) and a == b or type(a) is type(b) and a == b


def errors(value, schema, path="$"):
    """What is wrong with a value, one text each."""
    if schema is True:
        return
    if schema is False:
        yield path + " is not allowed"
        return
    if not isinstance(schema, dict):
        raise Unsupported("a schema must be an object or a boolean")
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    for key, want in schema.items():
        if key in ANNOTATIONS:
            continue
        elif key == "type":
            wanted = want if isinstance(want, list) else [want]
            if not all(t in TYPES for t in wanted):
                raise Unsupported("type %r" % want)
            if not any(TYPES[t](value) for t in wanted):
                yield "%s is no %s" % (path, " or ".join(wanted))
        elif key == "enum":
            if not any(same(value, w) for w in want):
                yield path + " is none of the allowed values"
        elif key == "const":
            if not same(value, want):
                yield path + " is not the required value"
        elif key == "required":
            if isinstance(value, dict):
                for name in want:
                    if name not in value:
                        yield "%s lacks %s" % (path, name)
        elif key == "properties":
            if isinstance(value, dict):
                for name, inner in want.items():
                    if name in value:
                        yield from errors(value[name], inner, path + "." + name)
        elif key == "additionalProperties":
            if isinstance(value, dict):
                for name in value:
                    if name not in schema.get("properties", {}):
                        yield from errors(value[name], want, path + "." + name)
        elif key == "items":
            if isinstance(value, list):
                for i, element in enumerate(value):
                    yield from errors(element, want, "%s[%d]" % (path, i))
        elif key == "uniqueItems":
            if want and isinstance(value, list):
                if any(same(a, b) for i, a in enumerate(value) for b in value[:i]):
                    yield path + " has equal elements"
        elif key in ("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"):
            kind = {"Items": list, "Length": str, "Properties": dict}[key[3:]]
            if isinstance(value, kind):
                if len(value) < want if key.startswith("min") else len(value) > want:
                    yield "%s: %s is %s" % (path, key, want)
        elif key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            if number:
                bad = {"minimum": value < want, "maximum": value > want, "exclusiveMinimum": value <= want,
                       "exclusiveMaximum": value >= want}[key]
                if bad:
                    yield "%s: %s is %s" % (path, key, want)
        elif key == "pattern":
            if isinstance(value, str) and not re.search(want, value):
                yield "%s does not match %s" % (path, want)
        elif key == "allOf":
            for inner in want:
                yield from errors(value, inner, path)
        elif key == "anyOf":
            if not any(not list(errors(value, inner, path)) for inner in want):
                yield path + " satisfies none of anyOf"
        elif key == "oneOf":
            if sum(not list(errors(value, inner, path)) for inner in want) != 1:
                yield path + " does not satisfy exactly one of oneOf"
        elif key == "not":
            if not list(errors(value, want, path)):
                yield path + " satisfies what it must not"
        else:
            raise Unsupported("keyword %s" % key)


def no_duplicates(pairs):
    keys = [k for k, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError("a key occurs twice")
    return dict(pairs)


def no_constant(name):
    raise ValueError(name + " is no JSON")


def document(response):
    """The answer without its thought, its tag and its fence."""
    text = response.rsplit("</think>", 1)[-1].strip()
    if "<answer>" in text:
        text = text.rsplit("<answer>", 1)[1].split("</answer>", 1)[0].strip()
    fenced = re.fullmatch(r"```[a-zA-Z]*\n(.*?)\n?```", text, re.S)
    return fenced.group(1) if fenced else text


def judge(request):
    schema = request["meta"].get("schema", request["gold"])
    if isinstance(schema, str):
        schema = json.loads(schema)
    if not isinstance(schema, (dict, bool)):
        return {"score": None, "reason": "the row has no \"schema\""}
    text = document(request["response"])
    try:
        value = json.loads(text, object_pairs_hook=no_duplicates, parse_constant=no_constant)
    except (ValueError, RecursionError) as error:
        # The schema is looked at all the same, so that a schema that cannot be judged never gives a score.
        list(errors(None, schema))
        return {"score": 0, "extracted": text[:200], "outcome": "no_json", "reason": str(error)[:200]}
    wrong = list(errors(value, schema))
    return {"score": int(not wrong), "extracted": text[:200], "outcome": "invalid" if wrong else "valid",
            "reason": "; ".join(wrong[:3])}


def main():
    print(json.dumps({"v": 1, "ready": True, "name": "json-schema"}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            reply = judge(request)
        except Exception as error:
            reply = {"score": None, "reason": "%s: %s" % (type(error).__name__, error)}
        reply["id"] = request["id"]
        print(json.dumps(reply), flush=True)


main()
