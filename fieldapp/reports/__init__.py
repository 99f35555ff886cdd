"""Figures to a document, and the document to files: PDF, XLSX, and pages as pixels."""
