"""What people fill in: form definitions in form-js JSON, compiled to validating schemas. Knows nothing of the engine."""
