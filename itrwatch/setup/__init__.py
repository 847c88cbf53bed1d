"""How a machine is made ready: what `itrwatch setup` asks, writes and starts."""
