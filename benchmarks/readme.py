"""Tables between marks in the README, so that they can be written anew."""


def marks(part: str) -> tuple[str, str]:
    """Return what stands before and after the table of a part."""
    return f"<!-- {part}: begin -->", f"<!-- {part}: end -->"


def placed(text: str, part: str, table: str) -> str:
    """Return a text with the table of ``part`` between its marks; without them, as it is.

    Examples
    --------
    >>> begin, end = marks("siting")
    >>> placed(f"a\\n{begin}\\nold\\n{end}\\nb", "siting", "new\\n").splitlines()[2]
    'new'
    """
    begin, end = marks(part)
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        return text
    return f"{before}{begin}\n{table}{end}{after}"
