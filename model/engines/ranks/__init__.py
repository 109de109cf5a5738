"""One training by several processes, each with a GPU of its own, or with a share of the cores where there is none.

dividing    how many processes a training gets
launching   starts them, passes on what they report, says why they were lost
agent       torchrun's elastic agent for the processes of one host
hosts       several hosts that train as one
helper      the side of those that only help: `python -m model.engines.ranks.helper`
member      what each of them runs: `python -m model.engines.ranks.member FOLDER`, also under plain torchrun
team        a process's place among them, and what they tell each other
sharing     a network whose gradients and batch statistics are those of all
"""
