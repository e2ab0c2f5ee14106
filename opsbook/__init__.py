"""OpsBook: the annual review and plan of an Alibaba.com International store, in one workbook."""

__version__ = "0.1.0"
