"""Filter texts built from the value under the cursor."""
