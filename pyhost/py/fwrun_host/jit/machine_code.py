# How much machine code Numba made of a function: the text sections of its object
# file, which hold the function and its wrappers, not what it shares with others.


def code_bytes(result):
    from llvmlite import binding
    try:
        image = binding.ObjectFileRef.from_data(result.library._get_compiled_object())
        return sum(one.size() for one in image.sections() if one.is_text())
    except Exception:  # a library that was not compiled in this process has none
        return 0
