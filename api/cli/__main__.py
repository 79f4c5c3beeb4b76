"""``python -m api.cli``: the same as ``muster``."""

from api.cli import main

if __name__ == "__main__":
    main()
