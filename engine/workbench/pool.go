package workbench

type pool struct{}
