"""hunks.py save F... : remember working copies; hunks.py commit MSG F... : commit only my changes (working vs saved) on HEAD, plus whole new files given as +F."""
import subprocess, sys, os, pathlib, tempfile
BASE=pathlib.Path('/tmp/mine/base')
def run(*a, env=None, inp=None, check=True):
    r=subprocess.run(a,capture_output=True,env={**os.environ,**(env or {})},input=inp)
    if check and r.returncode: raise SystemExit(f"{a}: {r.stderr.decode()} {r.stdout.decode()}")
    return r.stdout
if sys.argv[1]=='save':
    for f in sys.argv[2:]:
        p=BASE/f; p.parent.mkdir(parents=True,exist_ok=True); p.write_bytes(pathlib.Path(f).read_bytes())
else:
    msg=sys.argv[2]; files=sys.argv[3:]
    head=run('git','rev-parse','HEAD').decode().strip()
    idx='/tmp/mine/index'
    pathlib.Path(idx).unlink(missing_ok=True)
    env={'GIT_INDEX_FILE':idx}
    run('git','read-tree',head,env=env)
    done=[]
    for f in files:
        if f.startswith('+'):
            f=f[1:]
            content=pathlib.Path(f).read_bytes()
        else:
            old=run('git','show',f'{head}:{f}')
            base=(BASE/f).read_bytes(); mine=pathlib.Path(f).read_bytes()
            with tempfile.TemporaryDirectory() as d:
                a,b,c=(os.path.join(d,n) for n in 'abc')
                open(a,'wb').write(old); open(b,'wb').write(base); open(c,'wb').write(mine)
                # merge: current=HEAD(a), base=b, other=mine(c)
                r=subprocess.run(['git','merge-file','-p',a,b,c],capture_output=True)
                if r.returncode: print('CONFLICT',f); print(r.stdout.decode()[:3000]); raise SystemExit(1)
                content=r.stdout
        blob=run('git','hash-object','-w','--stdin',inp=content).decode().strip()
        mode='100755' if os.access(f,os.X_OK) else '100644'
        run('git','update-index','--add','--cacheinfo',f'{mode},{blob},{f}',env=env)
        done.append((mode,blob,f))
    tree=run('git','write-tree',env=env).decode().strip()
    # check out to verify?
    if os.environ.get('DRY'):
        d='/tmp/mine/tree'; run('rm','-rf',d); os.makedirs(d)
        subprocess.run(f'git archive {tree} | tar x -C {d}',shell=True,check=True); print('tree at',d); sys.exit()
    commit=run('git','commit-tree',tree,'-p',head,'-m',msg).decode().strip()
    run('git','update-ref','refs/heads/main',commit,head)
    for mode,blob,f in done:
        r=run('git','update-index','--add','--cacheinfo',f'{mode},{blob},{f}')
    print(commit)
