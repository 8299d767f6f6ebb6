# Memory that is filled with random bytes in each restored process, see core/refill.h.


class Region:
    """An address and a size in bytes; the object it is part of is kept alive. Of size 0: the
    lowest bit of the byte at the address is set."""

    def __init__(self, address, size, owner):
        self.address = address
        self.size = size
        self.owner = owner


def packed(regions):
    return b''.join(number.to_bytes(8, 'little') for region in regions
                    for number in (region.address, region.size))
