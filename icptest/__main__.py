"""`python -m icptest`."""

from icptest.cli import main

if __name__ == "__main__":
    main(prog_name="icptest")
