"""A capture as columns: records, messages, attributes on demand; the filter language."""
