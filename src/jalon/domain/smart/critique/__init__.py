"""What a sentence lacks to be an objective: one class a fault, five letters judged."""
