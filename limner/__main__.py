"""`python -m limner` and the console script."""

from __future__ import annotations

from limner.cli import app


def main() -> None:
    app()


if __name__ == "__main__":
    main()
