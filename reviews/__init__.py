"""The reviews app: specs, their clauses, what people say of them, and what is published."""
