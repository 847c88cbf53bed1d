"""What people read: relatorio.html and PENDENTE.txt; templates beside the code."""
