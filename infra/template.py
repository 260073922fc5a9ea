"""The template that lands: Chalice's own, with infra/resources/*.yaml merged over it."""

import json
from pathlib import Path
from typing import Any

import yaml
from chalice.cli.factory import CLIFactory
from chalice.deploy import models
from chalice.deploy.appgraph import ApplicationGraphBuilder, DependencyBuilder
from chalice.deploy.swagger import CFNSwaggerGenerator
from chalice.package import PackageOptions, SAMTemplateGenerator, TemplateDeepMerger

ROOT = Path(__file__).resolve().parent.parent
RESOURCES = ROOT / "infra" / "resources"
# Lambda's Python: the one place. What a move needs is in infra/decisions.md.
PYTHON = "3.11"
# Chalice's code location; infra/deploy.py puts the uploaded object in its place.
ARTEFACT = "./deployment.zip"

Template = dict[str, Any]


class _Principals(PackageOptions):
    """Lambda and API Gateway are called the same in every partition; Chalice would ask a client in some region."""

    def __init__(self) -> None:
        pass

    def service_principal(self, service: str) -> str:
        return f"{service}.amazonaws.com"


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags, and `!Json` for a structure that CloudFormation wants as text."""


def _json(loader: yaml.SafeLoader, node: yaml.Node) -> Template:
    if not isinstance(node, yaml.MappingNode):
        raise yaml.YAMLError(f"!Json takes a mapping{node.start_mark}")
    return {"Fn::Sub": json.dumps(loader.construct_mapping(node, deep=True), separators=(",", ":"))}


def _intrinsic(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> Template:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        raise yaml.YAMLError(f"!{name} takes a text or a list{node.start_mark}")
    if name in {"Ref", "Condition"}:
        return {name: value}
    if name == "GetAtt":
        value = value.split(".", 1)
    return {f"Fn::{name}": value}


_Loader.add_constructor("!Json", _json)
_Loader.add_multi_constructor("!", _intrinsic)


def resources(folder: Path = RESOURCES) -> Template:
    """The fragments of `folder` as one template. A name defined twice is refused; `Anchors` are for YAML alone."""
    merged: Template = {"Description": "Redress: a complaint desk"}
    for path in sorted(folder.glob("*.yaml")):
        # _Loader is a SafeLoader.
        fragment = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
        for section, entries in fragment.items():
            if section == "Anchors":
                continue
            known = merged.setdefault(section, {})
            if twice := known.keys() & entries.keys():
                raise ValueError(f"{path.name}: {section} {sorted(twice)} defined twice")
            known.update(entries)
    return merged


def chalice(stage: str) -> Template:
    """What `chalice package` would write, made in this process and without building Chalice's own package."""
    config = CLIFactory(str(ROOT)).create_config_obj(stage)
    parts = DependencyBuilder().build_dependencies(ApplicationGraphBuilder().build(config, stage))
    for part in parts:
        if isinstance(part, models.DeploymentPackage):
            part.filename = ARTEFACT
        elif isinstance(part, models.RestAPI):
            part.swagger_doc = CFNSwaggerGenerator().generate_swagger(config.chalice_app, part)
        elif isinstance(part, models.FileBasedIAMPolicy):
            part.document = json.loads(Path(part.filename).read_text(encoding="utf-8"))
    template: Template = SAMTemplateGenerator(config, _Principals()).generate(parts)
    return template


def build(stage: str) -> Template:
    """The merged template of `stage`, its code at ARTEFACT."""
    template: Template = TemplateDeepMerger().merge(resources(), chalice(stage))
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["Runtime"] = f"python{PYTHON}"
        elif resource["Type"] == "AWS::Serverless::Api":
            # A workbook is bytes to whatever a caller accepts: API Gateway goes by the first type in Accept alone.
            # SAM writes this into the definition too; the local AWS reads it here alone, and unescaped.
            resource["Properties"]["BinaryMediaTypes"] = [{"Fn::If": ["IsLocal", "*/*", "*~1*"]}]
    return template
