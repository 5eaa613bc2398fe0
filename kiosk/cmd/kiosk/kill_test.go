package main

const robotEnv = "JOBHOME_ROBOT"

func runRobot(file string) int { return 1 }
