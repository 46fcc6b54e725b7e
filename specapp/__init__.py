"""The project: wires, no behaviour."""
