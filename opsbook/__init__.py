"""OpsBook: the annual review and plan of an Alibaba.com International store, in one workbook."""

__version__ = "0.2.0"
