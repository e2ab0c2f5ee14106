"""The calculation server, under the name that the Run key of version 0.1 starts."""

from opsbook.deploy.windows.calculation_server import main

if __name__ == "__main__":
    main()
