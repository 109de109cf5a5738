"""HTTP: parse, permit, call one service or selector, answer."""
