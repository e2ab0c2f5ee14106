"""How OpsBook gets onto a computer."""
