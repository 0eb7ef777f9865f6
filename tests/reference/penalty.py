"""Prints the penalty of WGAN-GP (arXiv:1704.00028, equation 3), then R1 (arXiv:1801.04406, equation 9), each with its gradients by autograd, on weights and points made of sines:
the numbers that crate/engine/src/net/penalty.rs is held to."""
import math, torch
torch.set_default_dtype(torch.float64)
def numbers(n, phase): return torch.tensor([math.sin(1.7 * i + phase) for i in range(n)])
x = numbers(2 * 36, 1.).reshape(2, 36).requires_grad_()
w = [numbers(16 * 3, 2.).mul(.5).requires_grad_(), numbers(27 * 5, 3.).mul(.5).requires_grad_(), numbers(5, 4.).mul(.5).requires_grad_()]
b = [numbers(3, 5.), numbers(5, 6.), numbers(1, 7.)]
leak = lambda v: torch.nn.functional.leaky_relu(v, .2)
conv = w[0].reshape(4, 4, 1, 3).permute(3, 2, 0, 1)
h = leak(torch.nn.functional.conv2d(x.reshape(2, 1, 6, 6), conv, b[0], stride=2, padding=1))
h = h.permute(0, 2, 3, 1).reshape(2, 27)
h = leak(h @ w[1].reshape(27, 5) + b[1])
y = h @ w[2].reshape(5, 1) + b[2]
g, = torch.autograd.grad(y.sum(), x, create_graph=True)
penalties = {
    "one": 10 * ((g.square().sum(1) + 1e-12).sqrt() - 1).square().mean(),
    "flat": 10 / 2 * g.square().sum(1).mean(),
}
for name, penalty in penalties.items():
    print(name, penalty.item())
    for v in torch.autograd.grad(penalty, w, retain_graph=True):
        print((v.flatten() * numbers(v.numel(), 0.)).sum().item(), v.flatten()[0].item(), v.flatten()[-1].item())
