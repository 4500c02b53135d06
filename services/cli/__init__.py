"""The command `tocsin`: one module a group of subcommands; the only package that may import services."""
