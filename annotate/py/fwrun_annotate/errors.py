# What annotate() raises for a mark that cannot mean what its place says.


# `file`, `line` and `column` (both from 1) say where; the message does not.
class AnnotationError(Exception):
    def __init__(self, message, file, line, column):
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
