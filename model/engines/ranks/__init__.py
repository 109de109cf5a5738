"""One training by several processes, each with a GPU of its own, or with a share of the cores where there is none.

dividing    how many processes a training gets
launching   starts them under torchrun's elastic agent and ends them all when one is lost
hosts       the same over several hosts, and the side of those that only help
member      what each of them runs: `python -m model.engines.ranks.member FOLDER`, also under plain torchrun
team        a process's place among them, and what they tell each other
sharing     a network whose gradients and batch statistics are those of all
"""
