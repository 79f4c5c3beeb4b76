"""Pages as a browser leaves them."""

import re
import subprocess
from pathlib import Path


def drawn(browser: str, page: Path) -> str:
    """Return the page as a browser without a network leaves it."""
    return subprocess.run(  # noqa: S603
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={page.parent / 'profile'}",
            "--virtual-time-budget=10000",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        check=True,
        timeout=120,
    ).stdout.decode()


def without_scripts(page: str) -> str:
    """Return a page without what its scripts say."""
    return re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
