namespace culprit {}
