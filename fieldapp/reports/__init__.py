"""Figures to a document, and the document to files: PDF, HWPX, XLSX, and pages as pixels."""
