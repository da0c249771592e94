"""What changed between two artefacts or two directories: records by key, lines by unique anchors, encoding said first.

Pure: documents, lines and bytes come in, values go out.
"""
