"""Position of each key in the text of a TOML file, so that a message can name the line."""

import re
import tomllib

_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY_PART = re.compile(r"""[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)[ \t]*""")
_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|' r"'''.*?'{3,5}|" r'"(?:[^"\\\n]|\\.)*"|' r"'[^'\n]*'", re.DOTALL)
_SCALAR = re.compile(r"[^,\]}\n#]*")


def key_lines(text):
    """Line number of every key and array entry of a valid TOML text.

    Parameters
    ----------
    text : str, already accepted by tomllib

    Returns
    -------
    dict : path (tuple of keys and list indices) → line, from 1
    """
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


def line_of(path, lines):
    """Line of a path, or of the nearest table around it that the text has; None without any.

    Parameters
    ----------
    path : tuple of keys and list indices
    lines : dict as `key_lines` gives it
    """
    for length in range(len(path), 0, -1):
        if tuple(path[:length]) in lines:
            return lines[tuple(path[:length])]
    return None


class _Scanner:
    """A walk over valid TOML text that notes where keys are."""

    def __init__(self, text):
        self.text = text
        self.at = 0
        self.lines = {}
        self.tables = {}  # path of an array of tables → number of its entries so far

    def skip(self, pattern):
        self.at = pattern.match(self.text, self.at).end()

    def looking_at(self, token):
        return self.text.startswith(token, self.at)

    def note(self, path):
        self.lines.setdefault(path, self.text.count("\n", 0, self.at) + 1)

    def document(self):
        table = ()
        self.skip(_BLANK)
        while self.at < len(self.text):
            if self.looking_at("["):
                table = self.header()
            else:
                self.assignment(table)
            self.skip(_BLANK)

    def header(self):
        several = self.looking_at("[[")
        self.at += 2 if several else 1
        start = self.at
        keys = self.keys()
        path = ()
        for number, key in enumerate(keys):
            path += (key,)
            last = number == len(keys) - 1
            if last and several:
                self.tables[path] = self.tables.get(path, -1) + 1
            here, self.at = self.at, start
            self.note(path)
            if path in self.tables:
                path += (self.tables[path],)
                self.note(path)
            self.at = here
        self.at += 2 if several else 1
        return path

    def keys(self):
        """A dotted key; ends at the first character behind it."""
        found = []
        while True:
            match = _KEY_PART.match(self.text, self.at)
            part, self.at = match[1], match.end()
            found.append(tomllib.loads(f"key = {part}")["key"] if part[0] in "\"'" else part)
            if not self.looking_at("."):
                return found
            self.at += 1

    def assignment(self, table):
        start = self.at
        path = table
        for key in self.keys():
            path += (key,)
            here, self.at = self.at, start
            self.note(path)
            self.at = here
        self.at += 1  # the equals sign
        self.skip(_SPACE)
        self.value(path)

    def value(self, path):
        if self.looking_at("["):
            self.array(path)
        elif self.looking_at("{"):
            self.inline_table(path)
        elif self.text[self.at] in "\"'":
            self.skip(_STRING)
        else:
            self.skip(_SCALAR)

    def array(self, path):
        self.at += 1
        number = 0
        self.skip(_BLANK)
        while not self.looking_at("]"):
            self.note((*path, number))
            self.value((*path, number))
            number += 1
            self.skip(_BLANK)
            if self.looking_at(","):
                self.at += 1
                self.skip(_BLANK)
        self.at += 1

    def inline_table(self, path):
        self.at += 1
        self.skip(_BLANK)
        while not self.looking_at("}"):
            self.assignment(path)
            self.skip(_BLANK)
            if self.looking_at(","):
                self.at += 1
                self.skip(_BLANK)
        self.at += 1
