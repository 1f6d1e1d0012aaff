// Shows a case's diagrams with what is done, current and overdue; a call activity opens the diagram of its phase.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './diagram.css';

const FONT = getComputedStyle(document.body).fontFamily;

class CaseDiagram {
  constructor(figure) {
    this.figure = figure;
    this.canvas = figure.querySelector('[data-canvas]');
    this.title = figure.querySelector('[data-title]');
    this.up = figure.querySelector('[data-up]');
    this.viewer = new NavigatedViewer({
      container: this.canvas,
      zoomScroll: { enabled: false }, // the wheel scrolls the page
      bpmnRenderer: {
        defaultFillColor: 'var(--diagram-fill)', defaultStrokeColor: 'var(--diagram-stroke)', defaultLabelColor: 'var(--diagram-label)',
      },
      textRenderer: { defaultStyle: { fontFamily: FONT }, externalStyle: { fontFamily: FONT } },
    });
    this.viewer.on('element.click', ({ element }) => this.open(this.state?.elements[element.id]?.calls));
    this.up?.addEventListener('click', () => this.open(this.state.parent));
    figure.querySelector('[data-zoom-in]').addEventListener('click', () => this.viewer.get('zoomScroll').stepZoom(1));
    figure.querySelector('[data-zoom-out]').addEventListener('click', () => this.viewer.get('zoomScroll').stepZoom(-1));
    figure.querySelector('[data-fit]').addEventListener('click', () => this.fit());
    for (const link of document.querySelectorAll(`[data-opens-in="${figure.id}"]`)) {
      link.addEventListener('click', (event) => {
        event.preventDefault();
        this.open(link.dataset.process);
        figure.scrollIntoView({ block: 'nearest' });
      });
    }
  }

  async open(key) {
    if (!key) return;
    const base = `${this.figure.dataset.base}/${encodeURIComponent(key)}`;
    try {
      const [xml, state] = await Promise.all([fetchOk(`${base}.bpmn`).then((r) => r.text()), fetchOk(`${base}.json`).then((r) => r.json())]);
      await this.viewer.importXML(xml);
      this.state = state;
      this.mark();
      this.fit();
      this.figure.classList.remove('diagram-failed');
      this.figure.dataset.shows = key;
    } catch (error) {
      this.figure.classList.add('diagram-failed');
      console.error(error);
    }
  }

  mark() {
    const canvas = this.viewer.get('canvas');
    const registry = this.viewer.get('elementRegistry');
    if (this.title) this.title.textContent = this.state.name;
    if (this.up) this.up.hidden = !this.state.parent;
    for (const [id, said] of Object.entries(this.state.elements)) {
      const element = registry.get(id);
      if (!element) continue;
      if (said.state) canvas.addMarker(id, `is-${said.state}`);
      if (said.calls) canvas.addMarker(id, 'is-call');
      for (const graphics of [registry.getGraphics(id), element.label && registry.getGraphics(element.label)]) {
        if (graphics) graphics.prepend(title(said.text));
      }
    }
  }

  fit() {
    const canvas = this.viewer.get('canvas');
    canvas.resized();
    canvas.zoom('fit-viewport', 'auto');
    canvas.zoom(canvas.zoom() * 0.96, 'auto'); // a little air around it
    const { inner, outer, scale } = canvas.viewbox();
    // A wide diagram in a small frame would be unreadable: show the step that counts, at a readable size.
    const current = Object.entries(this.state.elements).find(([, said]) => said.state === 'current' || said.state === 'overdue');
    const smallest = Number(this.figure.dataset.smallest ?? 0.42);
    if (scale >= smallest || outer.width === 0) return;
    const element = current && this.viewer.get('elementRegistry').get(current[0]);
    const middle = element ? { x: element.x + element.width / 2, y: element.y + element.height / 2 } : { x: inner.x, y: inner.y + inner.height / 2 };
    const zoom = Math.max(smallest, 0.6);
    const width = outer.width / zoom;
    const height = outer.height / zoom;
    canvas.viewbox({ x: element ? middle.x - width / 2 : inner.x - 20, y: middle.y - height / 2, width, height });
  }
}

function title(text) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', 'title');
  node.textContent = text;
  return node;
}

async function fetchOk(address) {
  const response = await fetch(address, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response;
}

for (const figure of document.querySelectorAll('[data-diagram]')) {
  const diagram = new CaseDiagram(figure);
  const start = () => diagram.open(figure.dataset.start);
  const fold = figure.closest('details');
  if (!fold || fold.open) start();
  else fold.addEventListener('toggle', start, { once: true });
}
